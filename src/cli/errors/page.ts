/** What `holdfast explain` says of an error. */
export interface ErrorPage {
  readonly means: string;
  /** Lines of source or of a shell that bring it about. */
  readonly example: string;
  readonly remedy: string;
}
