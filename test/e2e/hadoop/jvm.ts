/** How the many short JVMs of these tests start: with the compiler, the collector and the checks that take the least until a few seconds are over. */

/** Options of every JVM here; the classes are those of Maven's jars, and are not verified once more in each process. */
export const SHORT_LIVED = [
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:-UsePerfData',
  '-XX:+UnlockDiagnosticVMOptions',
  '-XX:-BytecodeVerificationRemote',
] as const;

/** What Hadoop reads by reflection. */
export const OPENS = '--add-opens=java.base/java.lang=ALL-UNNAMED';
