import { makeWrites } from './made.js';

/** Where the writes are made, by the address's `in`. */
const places: Readonly<Record<string, (origin: string) => Promise<unknown>>> = {
  page: makeWrites,
  async worker(origin) {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.postMessage(origin);
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
  },
  async 'service worker'(origin) {
    await navigator.serviceWorker.register('/service-worker.js', { type: 'module' });
    const { active } = await navigator.serviceWorker.ready;
    const { port1, port2 } = new MessageChannel();
    active?.postMessage(origin, [port2]);
    return new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
  },
};

const asked = new URLSearchParams(location.search);
const report = await places[asked.get('in') ?? '']?.(asked.get('origin') ?? '');
document.body.dataset.report = JSON.stringify(report);
