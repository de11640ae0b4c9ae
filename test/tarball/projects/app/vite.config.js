export default {
  build: {
    target: 'es2022',
    rolldownOptions: {
      input: ['index.html', 'service-worker.ts'],
      output: {
        // A service worker has to keep its address.
        /** @param {{ name: string }} chunk */
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  worker: { format: 'es' },
};
