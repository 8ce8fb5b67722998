import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Page } from './selected.ts';

export const PageContext = createContext<Page>(undefined as never);

export const usePage = (): Page => useContext(PageContext);
