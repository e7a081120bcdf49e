/** Everybody who is measured: ours first, then the peers. */
import { aws } from './aws.ts';
import { bareNode, carillonCommand, carillonPrograms } from './carillon.ts';
import type { Contender } from './contender.ts';
import { mc } from './mc.ts';
import { rclone } from './rclone.ts';
import { s3FastList } from './s3-fast-list.ts';
import { s5cmd } from './s5cmd.ts';

/** In the order of the report. */
export const CONTENDERS: readonly Contender[] = [carillonPrograms, carillonCommand, s3FastList, rclone, s5cmd, mc, aws, bareNode];
