import { makeWrites } from './made.js';

addEventListener('message', ({ data }: MessageEvent<string>) => {
  void makeWrites(data).then((report) => postMessage(report));
});
