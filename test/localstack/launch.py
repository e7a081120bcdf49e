"""Starts LocalStack with Step Functions that takes a mocked answer for any `.sync` task.

As it comes it refuses these tasks, and looks for the service's API model, before it looks for the mocked answer. Both steps are private.
"""

import importlib

SERVICE = "localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service."
unsupported = importlib.import_module(SERVICE + "state_task_service_unsupported")
resource = importlib.import_module(SERVICE + "resource")
unsupported._SUPPORTED_INTEGRATION_PATTERNS.update({resource.ResourceCondition.Sync, resource.ResourceCondition.Sync2})
unsupported.StateTaskServiceUnsupported._normalise_parameters = lambda self, *a, **k: None
unsupported.StateTaskServiceUnsupported._normalise_response = lambda self, *a, **k: None

from localstack.runtime.main import main  # noqa: E402

main()
