/** Where an image says what is to be filled, below the root of the image. */
export const IMAGE_SPEC = 'etc/walt/image.spec';
