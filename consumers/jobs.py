"""Every job of the far end; `inbound` also needs a ledger before it can take any."""

from consumers.inbound import JOB as INBOUND
from consumers.job import Job
from consumers.open_files.job import JOB as OPEN_FILES
from consumers.parquet import JOB as PARQUET
from consumers.reporting.job import JOB as REPORTING

JOBS: dict[str, Job] = {
    job.name: job for job in (REPORTING, OPEN_FILES, PARQUET, INBOUND)
}
"""Name -> job, in the order of the help."""
