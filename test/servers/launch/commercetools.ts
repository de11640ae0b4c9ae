// Serves the mock of commercetools on a port, without credentials.
import { createRequire } from 'node:module';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';

type Mock = new (options: object) => { runServer(port: number): void };

const path = createRequire(import.meta.url).resolve('@labdigital/commercetools-mock');
const { CommercetoolsMock } = (await import(pathToFileURL(path).href)) as { CommercetoolsMock: Mock };
const options = {
  enableAuthentication: false,
  validateCredentials: false,
  defaultProjectKey: 'p',
  silent: true,
};
new CommercetoolsMock(options).runServer(Number(argv[2]));
