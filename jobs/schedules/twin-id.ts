/** How a schedule of ours is called in Temporal; what it starts begins with that. */
export const twinIdOf = (schedule: string): string => `schedule:${schedule}`;

const TWIN = /^schedule:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The id of the schedule of ours that one of Temporal's belongs to; null: to none. */
export const scheduleOfTwin = (id: string): string | null => TWIN.exec(id)?.[1] ?? null;
