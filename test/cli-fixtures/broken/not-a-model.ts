export default { name: 'looks like one' };
