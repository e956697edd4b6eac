"""Rows of the identity half of the gateway's database, and their constraints.

A session belongs to exactly one member or one staff member, and is a family of refresh tokens: one
of them can be used, the used ones stay so that a second use is noticed. The audit trail is
append-only (a trigger refuses change).
"""

from gateway.tables.accounts import (
    Account,
    AccountIdentifier,
    ExternalIdentity,
    SignInFailures,
    UsedIdToken,
)
from gateway.tables.codes import IssuedCode
from gateway.tables.erasures import ErasureReceipt, ErasureStep
from gateway.tables.keys import ApiKey, KeyQuota, KeyUsage, SealedKey, SigningKey
from gateway.tables.registry import Table
from gateway.tables.sessions import AuthSession, RefreshToken
from gateway.tables.staff import Invitation, RecoveryCode, StaffMember, StaffNotice
from gateway.tables.trail import AuditEntry, PolicyVersion

__all__ = [
    "Account",
    "AccountIdentifier",
    "ApiKey",
    "AuditEntry",
    "AuthSession",
    "ErasureReceipt",
    "ErasureStep",
    "ExternalIdentity",
    "Invitation",
    "IssuedCode",
    "KeyQuota",
    "KeyUsage",
    "PolicyVersion",
    "RecoveryCode",
    "RefreshToken",
    "SealedKey",
    "SignInFailures",
    "SigningKey",
    "StaffMember",
    "StaffNotice",
    "Table",
    "UsedIdToken",
    "metadata",
]

metadata = Table.metadata
