// Loaded before a server that listens on every address: it listens on 127.0.0.1 instead.
import { Server } from 'node:net';

type Listen = (this: Server, ...args: unknown[]) => Server;

const host = '127.0.0.1';
const listen = Reflect.get(Server.prototype, 'listen') as Listen;

const listenHere: Listen = function (first, second, ...rest) {
  if (typeof first === 'object' && first !== null)
    return Reflect.apply(listen, this, [{ ...first, host }, second, ...rest]);
  const isHost = typeof second === 'string';
  return Reflect.apply(listen, this, [first, host, ...(isHost ? rest : [second, ...rest])]);
};
Reflect.set(Server.prototype, 'listen', listenHere);
