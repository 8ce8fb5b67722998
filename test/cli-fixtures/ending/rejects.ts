void Promise.reject(new Error('nobody waits for this'));

export default await new Promise(() => setTimeout(() => {}, 1000));
