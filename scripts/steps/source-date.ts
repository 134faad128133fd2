// The one date that files on media carry (seconds since 1970): that of the newest pinned package, so no clock gets in.
export const SOURCE_DATE = Date.UTC(2025, 4, 2) / 1000;
