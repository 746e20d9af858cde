"""Every job of the far end; cli/feed/consume.py gives some of them what they need."""

from consumers.compacted.job import JOB as STATES
from consumers.inbound.job import JOB as INBOUND
from consumers.job import Job
from consumers.open_files.job import JOB as OPEN_FILES
from consumers.parquet import JOB as PARQUET
from consumers.reporting.job import JOB as REPORTING

JOBS: dict[str, Job] = {
    job.name: job for job in (REPORTING, STATES, OPEN_FILES, PARQUET, INBOUND)
}
"""Name -> job, in the order of the help."""
