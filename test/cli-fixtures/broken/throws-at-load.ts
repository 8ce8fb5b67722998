const settings: { readonly world?: { readonly size: number } } = {};

export default settings.world!.size;
