/** What every handler tells of itself: a log, metrics, a trace. */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';

/** The three of them. */
export interface Instruments {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
}

const NAMESPACE = 'Carillon';

/** Those of a function on AWS. @param service - the handler's name */
export function lambdaInstruments(service: string): Instruments {
  return {
    logger: new Logger({ serviceName: service }),
    metrics: new Metrics({ namespace: NAMESPACE, serviceName: service }),
    tracer: new Tracer({ serviceName: service }),
  };
}

/** Those of a handler that runs in another program, where nothing may be printed. */
export function silentInstruments(service: string): Instruments {
  return {
    logger: new Logger({ serviceName: service, logLevel: 'SILENT' }),
    metrics: new UnpublishedMetrics({ namespace: NAMESPACE, serviceName: service }),
    tracer: new Tracer({ serviceName: service, enabled: false }),
  };
}

/** Metrics are published by printing them. */
class UnpublishedMetrics extends Metrics {
  override publishStoredMetrics(): this {
    this.clearMetrics();
    return this;
  }
}
