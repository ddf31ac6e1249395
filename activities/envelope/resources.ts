import { stepFailure } from '#jobs/failure.ts';
import { parameterOf } from '#jobs/secret-parameters.ts';
import type { StepSpec, TargetKind } from '#jobs/step.ts';
import type { StepCall } from '#workflows/messages.ts';
import type { TargetFacts } from '../contract.ts';
import type { SshSession } from '../transports/ssh/session.ts';
import { type OpenedCredential, openedCredentials } from './opened-credentials.ts';
import { findWay, type Way, type WayFinder } from './route.ts';
import type { WorkerParts } from './worker-parts.ts';

/** What a step was promised by name, resolved for this attempt only. */
export interface StepResources {
  /** By environment name. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Every secret value this attempt may see. */
  readonly toMask: readonly string[];
  /** null for a type that needs none. */
  readonly target: TargetFacts | null;
  /** A session on the step's target, or on another that its config names; `tell` is told once of a long wait for the host. */
  ssh(target?: string, tell?: (waits: string) => void): Promise<SshSession>;
}

/** What resources are looked up by. */
export type ResourceCall = Pick<StepCall, 'run' | 'project' | 'key' | 'target' | 'config'> & {
  readonly step: Pick<StepCall['step'], 'type' | 'secrets'>;
};

/** Looks up the step's targets and opens the secrets it may use. Throws `invalid_input` for a name that does not exist, `auth` for a secret that does not open. */
export async function resourcesOf(worker: WorkerParts, spec: StepSpec, call: ResourceCall, signal: AbortSignal): Promise<StepResources> {
  const { project, run, key } = call;
  const credentials = openedCredentials(worker, project, signal);
  const secrets = new Map<string, string>();
  for (const [name, reference] of Object.entries(call.step.secrets)) {
    const parameter = parameterOf(reference);
    const value =
      parameter === null ? fieldOf(await credentials.get(credentialOf(reference)), reference) : await credentials.parameter(run, parameter);
    secrets.set(name, value);
  }

  const audit = { actor: `run:${run}`, request_id: key, reason: 'first contact' };
  const ways = await waysOf({ vault: worker, project, credentials, audit, signal }, spec, call);
  return {
    secrets,
    toMask: credentials.secrets(),
    target: ways.get(call.target ?? '')?.facts ?? null,
    ssh: async (name = call.target ?? '', tell) => {
      const way = ways.get(name);
      if (way === undefined) throw stepFailure('internal', `${spec.type} declares no target ${JSON.stringify(name)}`);
      return worker.ssh.session(way.route, signal, { run, key }, tell);
    },
  };
}

/** The step's target and those that its config names beside it, by name. */
async function waysOf(finder: WayFinder, spec: StepSpec, call: ResourceCall): Promise<ReadonlyMap<string, Way>> {
  const ways = new Map<string, Way>();
  const { target: kind } = spec;
  if (kind === undefined) return ways;
  if (call.target === null)
    throw stepFailure('invalid_input', `${call.step.type} needs a target and neither the step, the job nor the run names one`);
  const also = (spec.also_targets ?? []).map((field) => call.config[field]).filter((name) => typeof name === 'string');
  for (const name of new Set([call.target, ...also])) {
    const way = await findWay(finder, name);
    refuseOtherKind(way.facts, kind, call.step.type);
    ways.set(name, way);
  }
  return ways;
}

function refuseOtherKind({ name, kind }: TargetFacts, wanted: TargetKind, type: string): void {
  if (kind === wanted) return;
  throw stepFailure('invalid_input', `${type} needs a target of kind ${wanted}, and ${name} is of kind ${kind}`, { target: name, kind });
}

/** `db-prod.password` names the field `password` of the credential `db-prod`. */
const credentialOf = (reference: string): string => reference.slice(0, Math.max(0, reference.lastIndexOf('.')));

function fieldOf({ row, fields }: OpenedCredential, reference: string): string {
  const field = reference.slice(reference.lastIndexOf('.') + 1);
  const value = fields.get(field);
  if (value !== undefined) return value;
  throw stepFailure('invalid_input', `secrets: ${reference}: the credential ${row.name} has the fields ${[...fields.keys()].join(', ')}`, {
    credential: row.name,
  });
}
