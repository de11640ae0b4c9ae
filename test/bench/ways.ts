import { axiosWithRetry } from './peers/axios.ts';
import {
  byHandAnyError,
  byHandCapped,
  byHandDoubling,
  defaultBackoff,
  defaultRetry,
} from './peers/by-hand.ts';
import { kyRetry } from './peers/ky.ts';
import { ofetchAgain, ofetchFresh } from './peers/ofetch.ts';
import type { Peer } from './peers/peer.ts';
import { pouchdbRemerge, pouchdbUpsert } from './peers/pouchdb.ts';
import { remerge, remergeLogged, remergeTold, remergeWrapped } from './peers/remerge.ts';
import { wretchWithRetry } from './peers/wretch.ts';

/** The ways to make an update that are compared, by the names that they have in every table. */
export const ways = {
  remerge,
  'remerge, wrapped': remergeWrapped,
  'remerge, told': remergeTold,
  'remerge, writeLog': remergeLogged,
  'by hand, doubling': byHandDoubling,
  'by hand, capped': byHandCapped,
  'by hand, any error': byHandAnyError,
  'by hand, DefaultRetry': defaultRetry,
  'by hand, DefaultBackoff': defaultBackoff,
  'ky.retry': kyRetry,
  'axios-retry': axiosWithRetry,
  ofetch: ofetchFresh,
  'ofetch, same again': ofetchAgain,
  wretch: wretchWithRetry,
  'pouchdb-upsert': pouchdbUpsert,
  'remerge, couchdb': pouchdbRemerge,
} satisfies Readonly<Record<string, Peer>>;

export type Way = keyof typeof ways;
