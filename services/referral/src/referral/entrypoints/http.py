"""The API of referrals for professionals' systems."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import SecretStr

from chassis.http.app import new_app
from chassis.http.problems import Problem, problem_response
from chassis.http.sign_in import bearer_sign_in
from event_schemas.ids import ReferralId
from referral.app.errors import AlreadyReferred, UnknownReferral
from referral.app.read_referral import read_referral, read_status
from referral.app.refer_client import Request as ReferralRequest
from referral.app.refer_client import Tools, refer_client
from referral.app.withdraw_referral import withdraw_referral
from referral.entrypoints.http_answers import (
    CreatedAnswer,
    ReferralAnswer,
    StatusAnswer,
    referral_answer,
    status_answer,
)
from referral.entrypoints.http_models import NewReferralBody

A = TypeVar("A", bound=StatusAnswer)

_LONGEST_KEY = 200


def referral_app(tools: Tools, *, token: SecretStr) -> FastAPI:
    """The application; every path needs the bearer token, every error is problem+json."""
    app = new_app("Hytevirta referrals")
    _install_own_problems(app)
    _add_posts(app, tools, bearer_sign_in(token))
    _add_reads(app, tools, bearer_sign_in(token))
    return app


def _add_posts(app: FastAPI, tools: Tools, sign_in: Callable[[Request], str]) -> None:
    signed_in: str = Depends(sign_in)

    @app.post("/v1/referrals", status_code=201, response_model=CreatedAnswer)
    async def create(
        body: NewReferralBody,
        actor: str = signed_in,
        idempotency_key: Annotated[str | None, Header()] = None,
    ) -> Response:
        """Refers a client. The same Idempotency-Key with the same body gets the same answer."""
        request = ReferralRequest(actor, _required_key(idempotency_key), body.model_dump_json())
        answer = await refer_client(body.to_new_referral(), request, tools)
        headers = {"Idempotent-Replayed": "true"} if answer.replayed else None
        return Response(answer.body, status_code=201, media_type="application/json", headers=headers)

    @app.post("/v1/referrals/{referral_id}/withdraw")
    async def withdraw(referral_id: UUID, response: Response, actor: str = signed_in) -> StatusAnswer:
        """Ends the client's consent: the content is erased, and whoever has it is told to erase it."""
        ref = ReferralId(str(referral_id))
        await withdraw_referral(ref, actor=actor, new_work=tools.work, clock=tools.clock)
        status = await read_status(ref, actor=actor, new_work=tools.work, clock=tools.clock)
        return _tagged(response, status_answer(status))


def _add_reads(app: FastAPI, tools: Tools, sign_in: Callable[[Request], str]) -> None:
    signed_in: str = Depends(sign_in)

    @app.get("/v1/referrals/{referral_id}/status")
    async def status(referral_id: UUID, response: Response, actor: str = signed_in) -> StatusAnswer:
        """Where the referral is, in codes."""
        found = await read_status(ReferralId(str(referral_id)), actor=actor, new_work=tools.work, clock=tools.clock)
        return _tagged(response, status_answer(found))

    @app.get("/v1/referrals/{referral_id}")
    async def read(referral_id: UUID, response: Response, actor: str = signed_in) -> ReferralAnswer:
        """The referral with its content; the read is logged."""
        found, stored = await read_referral(
            ReferralId(str(referral_id)), actor=actor, new_work=tools.work, vault=tools.vault, clock=tools.clock
        )
        return _tagged(response, referral_answer(found, stored))


def _tagged(response: Response, answer: A) -> A:
    response.headers["ETag"] = f'"{answer.version}"'
    response.headers["Cache-Control"] = "no-store"
    return answer


def _required_key(key: str | None) -> str:
    if not key or len(key) > _LONGEST_KEY:
        raise Problem(400, "idempotency-key-missing", f"Send an Idempotency-Key of 1 to {_LONGEST_KEY} characters")
    return key


def _install_own_problems(app: FastAPI) -> None:
    @app.exception_handler(UnknownReferral)
    async def unknown(_: Request, exc: UnknownReferral) -> JSONResponse:
        return problem_response(Problem(404, exc.code, "There is no such referral"))

    @app.exception_handler(AlreadyReferred)
    async def already(_: Request, exc: AlreadyReferred) -> JSONResponse:
        detail = "Send it again with confirm_duplicate if a second one is meant."
        title = "This client was referred to the same today"
        return problem_response(
            Problem(409, exc.code, title, detail=detail, referral_id=exc.referral_id, state=exc.state)
        )
