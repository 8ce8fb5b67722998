import type { ActorRef } from './verdict.ts';

/** Whether both are one actor of the room: names of steps, views and instances are its name too. */
export const isSameActor = (a: ActorRef, b: ActorRef): boolean => a.actor === b.actor && a.self === b.self;
