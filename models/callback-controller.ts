import { compose, defineModel, start } from '../src/explore/model.ts';
import { controllerInUse, ownerIsTold } from '../src/invariants/controller.ts';
import { controlledWalkMachine } from '../src/machines/controlled-walk.ts';
import { controllerMachine } from '../src/machines/controller.ts';

const options = {
  answers: ['whenDone', 'whenBegun'],
  calls: ['directly', 'byController'],
} as const;

/**
 * The first series passed a controller with a function pointer down to the file system. What if the file system takes its time?
 *
 * The world is one call and one owner.
 *
 * What surprised, and who was right: the controller is as safe as a direct call for as long as everybody waits (`v2-synchronous`).
 * Chinner wanted it gone for the sake of layering; what else speaks against it is only this, that it must be waited for, and
 * nothing says so where it is passed.
 */
export default defineModel({
  name: 'callback-controller',
  about:
    'A callback on the stack of its caller is passed down to the file system: is it still there when it is called?',
  sources: ['S004-16'],
  options,
  variants: {
    'v2-synchronous': {
      about: 'The controller of November 2020, and a file system that answers when it is done.',
      option: { calls: 'byController' },
    },
    'v2-asynchronous': {
      about: 'The same, and a file system that answers when it has begun: the controller has gone by then.',
      option: { calls: 'byController', answers: 'whenBegun' },
      expect: { [controllerInUse.name]: 'violated', [ownerIsTold.name]: 'unreached' },
    },
    'direct-asynchronous': {
      about: 'A direct call of the kill, and a file system that answers when it has begun.',
      option: { answers: 'whenBegun' },
    },
    P6: {
      about: 'v7.1: a direct call, and an answer when it is done.',
    },
    repaired: { about: 'As v7.1.' },
  },
  build: (option) =>
    compose(
      { controller: start(controllerMachine), walk: start(controlledWalkMachine, option) },
      {
        wires: { controller: { 'walk.called': 'walk' }, walk: { 'walk.returned': 'controller' } },
        spontaneous: {
          controller: [{ type: 'poison.reported', environment: true }],
          walk: [
            'walk.begun',
            { type: 'owner.found', read: ({ controller }) => ({ gone: controller.hasTag('gone') }) },
            'walk.ended',
          ],
        },
        properties: [controllerInUse],
      },
    ),
});
