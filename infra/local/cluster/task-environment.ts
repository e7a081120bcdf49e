/**
 * The environment of a task, as a YARN container has it: what the node gives, every job property with each character outside [A-Za-z0-9]
 * turned to `_`, the `-cmdenv` entries, and a temporary directory of the container's own.
 */
import type { InputSplit } from './input-splits.ts';
import { hadoopName } from './local-path.ts';
import type { StreamingJob } from './streaming-job.ts';
import { attemptName, containerName, jobName, type TaskId, taskName } from './task-id.ts';

/** Which attempt it is for. */
export interface TaskEnvironmentOptions {
  readonly job: StreamingJob;
  readonly task: TaskId;
  /** 0 first. */
  readonly attempt: number;
  /** Of the container: counts all attempts of the job, 2 first (1 is the ApplicationMaster's). */
  readonly container: number;
  /** How many map tasks the job has. */
  readonly maps: number;
  /** What the mapper reads; null for a reducer. */
  readonly split: InputSplit | null;
  /** The attempt's working directory. */
  readonly directory: string;
  /** Where the attempt's part is written before it is committed. */
  readonly outputDirectory: string;
  /** What every process of the node has; it wins over nothing but `HOME`. */
  readonly node: Readonly<Record<string, string>>;
}

/** All variables by name. */
export function taskEnvironment(options: TaskEnvironmentOptions): Record<string, string> {
  return {
    HOME: '/home/',
    ...options.node,
    ...containerVariables(options),
    ...Object.fromEntries(options.job.properties.entries().map(([name, value]) => [variableName(name), value])),
    ...taskVariables(options),
    ...commandVariables(options.job.environment),
    TMPDIR: `${options.directory}/tmp`,
  };
}

/** The name of a property as a variable. */
export function variableName(property: string): string {
  return property.replace(/[^A-Za-z0-9]/g, '_');
}

function containerVariables(options: TaskEnvironmentOptions): Record<string, string> {
  return {
    CONTAINER_ID: containerName(options.task.job, options.container),
    NM_HOST: 'localhost',
    LOCAL_DIRS: options.directory,
    LOG_DIRS: options.directory,
    PWD: options.directory,
  };
}

function taskVariables(options: TaskEnvironmentOptions): Record<string, string> {
  const { task, split } = options;
  const isMap = String(task.kind === 'm');
  const common = {
    mapreduce_job_id: jobName(task.job),
    mapred_job_id: jobName(task.job),
    mapreduce_task_id: taskName(task),
    mapred_tip_id: taskName(task),
    mapreduce_task_attempt_id: attemptName(task, options.attempt),
    mapred_task_id: attemptName(task, options.attempt),
    mapreduce_task_ismap: isMap,
    mapred_task_is_map: isMap,
    mapreduce_task_partition: String(task.partition),
    mapred_task_partition: String(task.partition),
    mapreduce_task_output_dir: hadoopName(options.outputDirectory),
    mapred_work_output_dir: hadoopName(options.outputDirectory),
    mapreduce_job_maps: String(options.maps),
    mapred_map_tasks: String(options.maps),
  };
  return split === null ? common : { ...common, ...splitVariables(split) };
}

function splitVariables(split: InputSplit): Record<string, string> {
  const [file, start, length] = [hadoopName(split.path), String(split.start), String(split.length)];
  return {
    mapreduce_map_input_file: file,
    map_input_file: file,
    mapreduce_map_input_start: start,
    map_input_start: start,
    mapreduce_map_input_length: length,
    map_input_length: length,
  };
}

/** `A=a B=b`: cut at blanks, so a value has none; an entry without `=` is skipped. */
function commandVariables(environment: string): Record<string, string> {
  const entries = environment.split(' ').flatMap((entry) => {
    const equals = entry.indexOf('=');
    return equals < 0 ? [] : [[entry.slice(0, equals), entry.slice(equals + 1)] as const];
  });
  return Object.fromEntries(entries);
}
