export const model = 'is not the default export';
