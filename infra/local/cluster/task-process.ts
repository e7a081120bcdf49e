/** One program as a child process in a process group of its own: fed, read, watched and, where it must be, killed. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { AttemptFailedError } from './attempt-failed.ts';
import { feed } from './feed.ts';

/** What a process is given. */
export interface TaskProcessOptions {
  /** Program and arguments; the program is a path or a name that the PATH finds. */
  readonly command: readonly string[];
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds without input taken, output or report after which it is killed; 0: never. */
  readonly timeoutMilliseconds: number;
  /** Whether another exit code than 0 fails the attempt. */
  readonly exitCodeCounts: boolean;
  readonly signal: AbortSignal;
  readonly input: AsyncIterable<Buffer>;
  /** Takes standard output as it comes; while it works no more is read. */
  readonly output: (chunk: Buffer) => Promise<void> | void;
  readonly errorOutput: (chunk: Buffer) => void;
  /** Gets what kills the process group at once. Default: nobody. */
  readonly onStarted?: (kill: () => void) => void;
}

/** What YARN waits between SIGQUIT, SIGTERM and SIGKILL. */
const AFTER_QUIT = 50;
const AFTER_TERMINATE = 250;

/**
 * Runs the process to its end. When this settles, nothing of its process group is left.
 *
 * @throws AttemptFailedError where it cannot be started, fails, is killed, falls silent or leaves its input; the signal's reason; or what
 * input and output throw
 */
export async function runTaskProcess(options: TaskProcessOptions): Promise<void> {
  options.signal.throwIfAborted();
  const [program = '', ...words] = options.command;
  const child = spawn(program, words, { cwd: options.directory, env: options.env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  await started(child, program);
  await new TaskProcess(child, options).run();
}

async function started(child: ChildProcessWithoutNullStreams, program: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(new AttemptFailedError(`Cannot run program ${JSON.stringify(program)}: ${error.code ?? error.message}`));
    });
  });
}

class TaskProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #options: TaskProcessOptions;
  readonly #exited: Promise<number>;
  #active = performance.now();
  #failure: unknown = null;
  #ended = false;

  constructor(child: ChildProcessWithoutNullStreams, options: TaskProcessOptions) {
    this.#child = child;
    this.#options = options;
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#ended = true;
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
      });
    });
  }

  async run(): Promise<void> {
    this.#options.onStarted?.(() => this.#kill('SIGKILL'));
    const onAbort = (): void => this.#end(this.#options.signal.reason, false);
    this.#options.signal.addEventListener('abort', onAbort, { once: true });
    const timer = this.#watch();
    try {
      const [exitCode, leftInput] = await Promise.all([this.#exit(), this.#feed(), this.#read(), this.#readErrors()]);
      if (this.#failure !== null) throw this.#failure;
      if (exitCode !== 0 && this.#options.exitCodeCounts) throw new AttemptFailedError(`subprocess failed with code ${exitCode}`);
      if (leftInput) throw new AttemptFailedError('Broken pipe: the program ended before it had read its input');
    } finally {
      clearInterval(timer);
      this.#options.signal.removeEventListener('abort', onAbort);
      this.#kill('SIGKILL');
    }
  }

  async #exit(): Promise<number> {
    const code = await this.#exited;
    if (code !== 0) this.#kill('SIGKILL');
    return code;
  }

  async #feed(): Promise<boolean> {
    try {
      return await feed(this.#child.stdin, this.#options.input, () => this.#stir());
    } catch (error) {
      this.#end(error, false);
      return false;
    }
  }

  async #read(): Promise<void> {
    try {
      for await (const chunk of this.#child.stdout) {
        this.#stir();
        const taken = this.#options.output(chunk as Buffer);
        if (taken !== undefined) await taken;
        this.#stir();
      }
    } catch (error) {
      this.#end(error, false);
    }
  }

  async #readErrors(): Promise<void> {
    for await (const chunk of this.#child.stderr) {
      this.#stir();
      this.#options.errorOutput(chunk as Buffer);
    }
  }

  #stir(): void {
    this.#active = performance.now();
  }

  #watch(): NodeJS.Timeout | undefined {
    const { timeoutMilliseconds } = this.#options;
    if (timeoutMilliseconds === 0) return undefined;
    const check = (): void => {
      if (performance.now() - this.#active < timeoutMilliseconds) return;
      this.#end(new AttemptFailedError(`Timed out after ${Math.round(timeoutMilliseconds / 1000)} secs: no input taken, no output, no report`), true);
    };
    return setInterval(check, Math.min(Math.max(timeoutMilliseconds / 20, 10), 1_000));
  }

  /** Ends the process group, for the first reason given. */
  #end(reason: unknown, quit: boolean): void {
    if (this.#failure !== null) return;
    this.#failure = reason ?? new AttemptFailedError('it was ended');
    void this.#terminate(quit);
  }

  async #terminate(quit: boolean): Promise<void> {
    if (quit) {
      this.#kill('SIGQUIT');
      await Promise.race([this.#exited, sleep(AFTER_QUIT)]);
    }
    if (!this.#ended) this.#kill('SIGTERM');
    await Promise.race([this.#exited, sleep(AFTER_TERMINATE)]);
    this.#kill('SIGKILL');
  }

  #kill(signal: NodeJS.Signals): void {
    try {
      process.kill(-(this.#child.pid as number), signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
