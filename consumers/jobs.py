"""Every job of the far end that needs nothing but events."""

from consumers.job import Job
from consumers.reporting.job import JOB as REPORTING

JOBS: dict[str, Job] = {job.name: job for job in (REPORTING,)}
"""Name -> job, in the order of the help."""
