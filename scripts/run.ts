// The one place where zx is imported: every script runs programs through this `$`.
import { $ } from 'zx';

$.verbose = false;
$.quiet = true;

export { $ };
