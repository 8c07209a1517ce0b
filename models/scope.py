"""Whose firms somebody in the console may see. Every query of the console that reaches a firm carries `within(scope)`."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, or_, select, true

from models.firm import firms
from models.staff import Staff, cities_of, staff_firms


@dataclass(frozen=True, slots=True)
class Scope:
    """`everything`: an administrator. Others see firms of their cities, and those assigned to them by name."""

    staff_id: int
    everything: bool
    cities: tuple[str, ...] = ()


def scope_of(connection: Connection, who: Staff) -> Scope:
    """Return what somebody may see today."""
    if who.role == "administrator":
        return Scope(who.id, everything=True)
    return Scope(who.id, everything=False, cities=tuple(cities_of(connection, who.id)))


def within(scope: Scope) -> ColumnElement[bool]:
    """Return the condition over `firm` to AND into a query that has joined it. A firm without a city is nobody's but administrators'."""
    if scope.everything:
        return true()
    by_name = select(staff_firms.c.firm_id).where(staff_firms.c.staff_id == scope.staff_id)
    return or_(firms.c.city.in_(scope.cities), firms.c.id.in_(by_name))
