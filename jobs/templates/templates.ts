export const JOB_TEMPLATES: readonly { readonly name: string; readonly title: string; readonly description: string; readonly source: string }[] = [];
