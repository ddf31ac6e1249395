import type { JobTemplate } from './template.ts';

/** Keeps the file there was, puts the new one in its place, restarts the service, and brings the old file back if that fails. */
export const uploadAndRestart: JobTemplate = {
  name: 'upload-and-restart',
  title: 'Upload a file and restart what reads it',
  description: 'Keeps the file there was, puts the new one in its place, restarts the service, and brings the old file back if that fails.',
  source: `name: upload-and-restart
title: Upload a file and restart what reads it
category: templates
parameters:
  host: { type: string, title: Host }
  file: { type: string, title: File, default: /etc/my-service.conf }
  content: { type: string, title: Content }
  restart: { type: string, title: Restart by, default: sudo systemctl restart my-service }
steps:
  - id: keep
    name: Keep the file there is
    type: ssh.exec
    target: \${{ parameters.host }}
    config:
      command: if [ -e "$FILE" ]; then cp -p "$FILE" "$FILE.before"; fi
      environment: { FILE: '\${{ parameters.file }}' }
      effect: idempotent
  - id: upload
    name: Put the new one in its place
    type: sftp.upload
    target: \${{ parameters.host }}
    config: { content: '\${{ parameters.content }}', remote_path: '\${{ parameters.file }}' }
    outputs: { bytes: '\${{ result.bytes }}' }
    # Carried out only when a later step fails.
    compensate:
      type: ssh.exec
      config:
        command: if [ -e "$FILE.before" ]; then mv "$FILE.before" "$FILE"; fi
        environment: { FILE: '\${{ parameters.file }}' }
  - id: restart
    type: ssh.exec
    target: \${{ parameters.host }}
    config:
      command: eval "$RESTART"
      environment: { RESTART: '\${{ parameters.restart }}' }
outputs:
  bytes: \${{ steps.upload.outputs.bytes }}
`,
};
