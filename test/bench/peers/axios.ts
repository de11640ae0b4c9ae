import axios, { type AxiosError } from 'axios';
import axiosRetry, { isNetworkOrIdempotentRequestError } from 'axios-retry';
import { withId, type Note } from '../note.ts';
import type { Peer } from './peer.ts';

const isStale = (error: AxiosError) => error.response?.status === 412;

/**
 * axios with axios-retry: 412 is one more thing to try again, and `onRetry` reads anew and changes the request
 * (https://github.com/softonic/axios-retry#readme). Its own 3 retries, without a wait, and its own condition
 * for the rest.
 */
export const axiosWithRetry: Peer = (origin) => {
  const api = axios.create({ baseURL: origin });
  axiosRetry(api, {
    retryCondition: (error) => isNetworkOrIdempotentRequestError(error) || isStale(error),
  });
  return async (note, id) => {
    const url = `/notes/${note}`;
    const read = async () => {
      const { data, headers } = await api.get<Note>(url);
      return { note: withId(data, id), tag: String(headers.etag) };
    };
    const first = await read();
    await api.put(url, first.note, {
      headers: { 'If-Match': first.tag },
      'axios-retry': {
        onRetry: async (_, error, config) => {
          if (!isStale(error)) return;
          const latest = await read();
          // Of a request that goes out again, axios-retry has the body sent as it is.
          config.data = JSON.stringify(latest.note);
          // None of the first request's headers: its Content-Length would cut off the new body.
          config.headers = { 'Content-Type': 'application/json', 'If-Match': latest.tag };
        },
      },
    });
  };
};
