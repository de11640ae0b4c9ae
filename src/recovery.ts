export { recover } from './part.ts';
