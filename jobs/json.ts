/** Any value JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** UTF-8 bytes of a value as JSON, which is how Temporal and Postgres measure it. */
export const bytesAsJson = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/** A JSON Schema literal (2020-12), as written in step specs and job parameters. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly default?: Json;
  readonly enum?: readonly Json[];
  readonly const?: Json;
  readonly properties?: { readonly [key: string]: JsonSchema };
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly propertyNames?: JsonSchema;
  readonly pattern?: string;
  readonly format?: string;
  readonly examples?: readonly Json[];
  readonly $schema?: string;
  readonly $id?: string;
  readonly $defs?: { readonly [key: string]: JsonSchema };
  /** Only `#/$defs/…`. */
  readonly $ref?: string;
  /** What a refused value should have been, in words: "a duration; write 500ms, 2s, 5m or 1h". */
  readonly 'x-expected'?: string;
  /** Text that a machine executes in this language: values may be bound beside it, never pasted into it. */
  readonly 'x-code'?: 'sh' | 'sql' | 'powershell';
  /** A parameter whose value lives sealed, only as long as the run. */
  readonly secret?: boolean;
}

type Named<P extends { readonly [key: string]: JsonSchema }, R> = {
  readonly [K in keyof P as K extends R ? K : never]: Infer<P[K]>;
} & { readonly [K in keyof P as K extends R ? never : K]?: Infer<P[K]> | undefined };

/** The TypeScript type of the values a schema literal accepts. */
export type Infer<S> = S extends { readonly enum: readonly (infer E)[] }
  ? E
  : S extends { readonly type: 'string' }
    ? string
    : S extends { readonly type: 'integer' | 'number' }
      ? number
      : S extends { readonly type: 'boolean' }
        ? boolean
        : S extends { readonly type: 'array'; readonly items: infer I }
          ? readonly Infer<I>[]
          : S extends { readonly type: 'object'; readonly properties: infer P extends { readonly [key: string]: JsonSchema } }
            ? Named<P, S extends { readonly required: readonly (infer R)[] } ? R : never>
            : S extends { readonly type: 'object'; readonly additionalProperties: infer V extends JsonSchema }
              ? { readonly [key: string]: Infer<V> }
              : Json;
