import test from 'ava';
import { cardPieces } from '../../../../scripts/images/boot/card-pieces.ts';

const CARDS = 'kernel/drivers/net/ethernet';
const dependencies = new Map([
  ['kernel/fs/nfs/nfsv3.ko', ['kernel/fs/nfs/nfs.ko']],
  ['kernel/fs/nfs/nfs.ko', []],
  ['kernel/drivers/net/virtio_net.ko', []],
  ['kernel/lib/crc.ko', []],
  [`${CARDS}/intel/e1000.ko`, []],
  [`${CARDS}/intel/e1000e.ko`, ['kernel/lib/crc.ko']],
  [`${CARDS}/realtek/r8169.ko`, []],
  [`${CARDS}/realtek/8139too.ko`, []],
  [`${CARDS}/mellanox/mlx4_core.ko`, []],
  [`${CARDS}/mellanox/mlx4_en.ko`, [`${CARDS}/mellanox/mlx4_core.ko`]],
]);
const aliases = `alias pci:v00008086d0000100Esv*sd*bc*sc*i* e1000
alias pci:v00008086d000010D3sv*sd*bc*sc*i* e1000e
alias pci:v00008086d000010D4sv*sd*bc*sc*i* e1000e
alias pci:v000010ECd00008139sv*sd*bc*sc*i* 8139too
alias pci:v000010ECd00008139sv*sd*bc*sc*i* r8169
alias pci:v000010ECd*sv*sd*bc*sc*i* r8169
alias pci:v00001234d00000001sv*sd*bc*sc*i* nfsv3
alias pci:v000015B3d00001003sv*sd*bc*sc*i* mlx4_core
alias usb:v0BDAp8152d*dc*dsc*dp*ic*isc*ip*in* r8152
`;
const recipe = {
  metapackage: 'linux',
  initrdModules: ['nfsv3', 'virtio_net', 'drivers/net/ethernet/'],
  initrdLeavesOut: [],
  cardModules: ['drivers/net/ethernet/'],
};

test('cardPieces() has a piece for each driver, with what that needs, under the names that iPXE has for its cards', (t) => {
  const { left, pieces } = cardPieces(recipe, { dependencies, aliases });
  t.deepEqual(left, [
    `${CARDS}/intel/e1000.ko`,
    `${CARDS}/intel/e1000e.ko`,
    `${CARDS}/mellanox/mlx4_core.ko`,
    `${CARDS}/mellanox/mlx4_en.ko`,
    `${CARDS}/realtek/8139too.ko`,
    `${CARDS}/realtek/r8169.ko`,
    'kernel/lib/crc.ko',
  ]);
  t.deepEqual(pieces, [
    {
      name: '8139too+r8169',
      paths: [`${CARDS}/realtek/8139too.ko`, `${CARDS}/realtek/r8169.ko`],
      ids: ['01-10-ec-81-39'],
    },
    { name: 'e1000', paths: [`${CARDS}/intel/e1000.ko`], ids: ['01-80-86-10-0e'] },
    {
      name: 'e1000e',
      paths: [`${CARDS}/intel/e1000e.ko`, 'kernel/lib/crc.ko'],
      ids: ['01-80-86-10-d3', '01-80-86-10-d4'],
    },
    {
      name: 'mlx4_core',
      paths: [`${CARDS}/mellanox/mlx4_core.ko`, `${CARDS}/mellanox/mlx4_en.ko`],
      ids: ['01-15-b3-10-03'],
    },
    { name: 'none', paths: [], ids: ['01-1a-f4-10-00', '01-1a-f4-10-41'] },
  ]);
});
