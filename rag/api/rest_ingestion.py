"""Ingestion and its jobs below /api, for those who may see all articles."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from rag.api.access import current
from rag.api.engine import Engine
from rag.api.jobs import Job, Jobs, Work
from rag.errors import NothingThere
from rag.ingestion.report import Report
from rag.ingestion.uploads import UploadFolder
from rag.library import Library
from rag.progress import OnProgress

Json = dict[str, Any]
MAX_ADDRESSES = 1_000
"""Maximum number of addresses of a request. Not fitted."""


class Addresses(BaseModel):
    """Pages to fetch, and the collection that their articles come into; "" for none."""

    model_config = ConfigDict(extra="forbid")

    addresses: Annotated[list[str], Field(min_length=1, max_length=MAX_ADDRESSES)]
    collection: str = ""


def ingestion_routes(engine: Engine) -> APIRouter:
    """Return the routes."""
    jobs, router = Jobs(), APIRouter(dependencies=[Depends(_all_articles)])

    async def begin(about: list[str], collection: str, paths: list[Path], addresses: list[str]) -> Json:
        def start(library: Library) -> Json:
            if collection:
                library.collections.checked(collection)
            return jobs.start(about, _work(library, collection, paths, addresses)).described()

        return await engine.call(start)

    @router.post("/ingest", status_code=202, summary="Fetch pages; returns the job")
    async def fetch(wanted: Addresses) -> Json:
        return await begin(wanted.addresses, wanted.collection, [], wanted.addresses)

    @router.put("/ingest/{name}", status_code=202, summary="Upload a file; returns the job")
    async def upload(name: str, request: Request, collection: str = "") -> Json:
        data = await request.body()
        path = await engine.call(lambda lib: UploadFolder(lib.settings.data / "added").keep(name, data))
        return await begin([path.name], collection, [path], [])

    @router.get("/jobs", summary="The jobs of this process, the latest first")
    async def all_jobs() -> list[Json]:
        return [job.described() for job in jobs.all()]

    @router.get("/jobs/{id}", summary="A job: its progress, then its report or error")
    async def one_job(id: str) -> Json:
        return _found(jobs, id).described()

    @router.delete("/jobs/{id}", status_code=202, summary="Stop a job; what it has finished is kept")
    async def stop(id: str) -> Json:
        job = _found(jobs, id)
        job.stop.set()
        return job.described()

    return router


async def _all_articles() -> None:
    current().require_all()


def _work(library: Library, collection: str, paths: list[Path], addresses: list[str]) -> Work:
    def run(on_progress: OnProgress, stop: Event) -> Report:
        return library.intake.ingest(paths, on_progress, stop, addresses, collection)

    return run


def _found(jobs: Jobs, id: str) -> Job:
    job = jobs.get(id)
    if job is None:
        raise NothingThere("no_such_job", id=id)
    return job
