/** What is there for every server: its folder, and the programs out of the Debian packages. */
export type Places = { readonly folder: string; readonly programs: string };
