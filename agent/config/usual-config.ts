/** Where a package puts the configuration. */
export const USUAL_CONFIG = '/etc/walt/server.yaml';
