import { makeWrites } from './made.js';

addEventListener('message', ({ data, ports }: MessageEvent<string>) => {
  void makeWrites(data).then((report) => ports[0]?.postMessage(report));
});
