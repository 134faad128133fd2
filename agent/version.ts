// The version of the server and of the `walt` command. A test holds it equal to package.json's.
export const version = '0.1.0';
