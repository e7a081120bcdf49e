/** The project's Node in the places where the archive has it, as links: no copy of 100 MB. */
import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Architectures of the archive, as Node names them. */
const ARCHITECTURES = ['x64', 'arm64'] as const;

/** Links each Node that npm has installed to `<folder>/bin/linux-<architecture>/node`. */
export async function linkNodes(root: string, folder: string): Promise<void> {
  for (const architecture of ARCHITECTURES) {
    const node = join(root, 'node_modules', `node-linux-${architecture}`, 'bin', 'node');
    if (!existsSync(node)) continue;
    const directory = join(folder, 'bin', `linux-${architecture}`);
    await mkdir(directory, { recursive: true });
    await symlink(relative(directory, node), join(directory, 'node'));
  }
}
