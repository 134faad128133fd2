// Numbers that are looked up when somebody asks for them.

/** Help texts by name. */
export const WATCHED = {
  walt_info: 'The version of the server, as a label.',
  walt_devices: 'Devices that are known, by type.',
  walt_nodes: 'Nodes, by model and by how far they have booted.',
  walt_nfs_roots: 'Nodes whose root is mounted by NFS, as far as is known.',
  walt_event_followers: 'Programs and pages that follow the events.',
  walt_events_waiting: 'Events on their way to the disk.',
  walt_writes_waiting: 'Writes that wait for the database.',
  walt_event_loop_delay_seconds:
    'How long the server was busy in one go: the longest time since the last look; 0 at the first one in five minutes.',
  process_resident_memory_bytes: 'Memory of the server.',
  process_start_time_seconds: 'When the server started, since 1970.',
  walt_disk_free_bytes: 'Room for images on the disk of the server.',
  walt_certificate_end_seconds:
    'When a certificate of the API ends, since 1970: the authority that clients know (of="authority"), and that of the server.',
  walt_files_running: 'Files being sent, by protocol.',
  walt_files_waiting: 'Requests for files that wait, by protocol.',
  walt_dhcp_waiting: 'DHCP packets that wait for their turn.',
} as const satisfies Readonly<Record<string, string>>;
