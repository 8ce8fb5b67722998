import { render } from 'preact';
import type { PageData } from '../report/html/page-data.ts';
import { App } from './app.tsx';
import './style.css';

/** The page of a report: what it shows stands in it as JSON. */
const data = JSON.parse(document.getElementById('report')!.textContent) as PageData;
render(<App data={data} />, document.getElementById('app')!);
