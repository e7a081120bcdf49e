/**
 * What is tried again, by whom and for how long. A comment gives the longest wait of all attempts together; jitter makes it shorter. A step
 * that failed as a whole is no matter of these: `decide-retry` plans another try of it.
 */
import { Duration } from 'aws-cdk-lib';
import { JitterType, type RetryProps } from 'aws-cdk-lib/aws-stepfunctions';

/** Errors of the Lambda service, never of a handler. 2 + 4 + 8 + 16 + 32 + 60 = 122 seconds. */
export const HANDLER_RETRY: RetryProps = {
  errors: [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
    'Lambda.ClientExecutionTimeoutException',
  ],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxAttempts: 6,
  maxDelay: Duration.minutes(1),
  jitterStrategy: JitterType.FULL,
};

/**
 * Throttling by EMR: the service integration names it after the client's general exception, and `EMR.ThrottlingException` never occurred
 * to anybody; it stands here for the day when it does. 10 + 20 + 40 + 80 + 160 + 300 + 300 + 300 = 1,210 seconds.
 */
export const EMR_RETRY: RetryProps = {
  errors: ['EMR.AmazonElasticMapReduceException', 'EMR.ThrottlingException'],
  interval: Duration.seconds(10),
  backoffRate: 2,
  maxAttempts: 8,
  maxDelay: Duration.minutes(5),
  jitterStrategy: JitterType.FULL,
};

/** Throttling by Athena: too many queries at once. 5 + 10 + 20 + 40 + 80 + 160 + 300 + 300 = 915 seconds. */
export const ATHENA_RETRY: RetryProps = {
  errors: ['Athena.TooManyRequestsException', 'Athena.ThrottlingException'],
  interval: Duration.seconds(5),
  backoffRate: 2,
  maxAttempts: 8,
  maxDelay: Duration.minutes(5),
  jitterStrategy: JitterType.FULL,
};

/**
 * Throttling of StartExecution. The name stays, so an execution that was started although the answer got lost is found again and not started
 * twice. 5 + 10 + 20 + 40 + 80 + 160 = 315 seconds.
 */
export const EXECUTION_RETRY: RetryProps = {
  errors: ['StepFunctions.ThrottlingException', 'StepFunctions.ExecutionLimitExceededException', 'StepFunctions.AWSStepFunctionsException'],
  interval: Duration.seconds(5),
  backoffRate: 2,
  maxAttempts: 6,
  maxDelay: Duration.minutes(5),
  jitterStrategy: JitterType.FULL,
};
