/** How the many short JVMs of these tests start: with the compiler and the collector that take the least until a few seconds are over. */

/** Options of every JVM here. */
export const SHORT_LIVED = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData'] as const;

/** What Hadoop reads by reflection. */
export const OPENS = '--add-opens=java.base/java.lang=ALL-UNNAMED';
