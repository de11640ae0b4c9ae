// The entry point `remerge/poll`: follows the writes that a server takes on and makes later (202).
export { azureLro } from './poll/azure-lro.ts';
export { googleLro } from './poll/google-lro.ts';
export { poll, type PollOptions } from './poll/poll.ts';
