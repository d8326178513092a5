"""Actions through the gateway: an agent is given people, and deals with them."""

from datetime import datetime, timedelta, timezone

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from builders import code, mail, phone, ref, touch, touch_of, update_of, view_of
from groups import info_of, merge_of, reason_of, unmerge_of
from kith.config.v1 import config_pb2
from kith.contacts.v1 import contact_pb2
from kith.gateway.v1 import action_pb2 as gateway_actions
from kith.gateway.v1 import contact_pb2 as gateway_contacts
from kith.gateway.v1 import thread_pb2 as gateway_threads
from kith.interactions.v1 import action_pb2 as actions
from kith.interactions.v1 import interaction_pb2 as one
from kith.interactions.v1 import thread_pb2 as threads
from kithdev.client import Client


class Agent:
    """Works off a queue of their own."""

    def __init__(self, client: Client, name: str, queue: str):
        self.gateway = client.gateway
        self.name = name
        self.queue = queue

    def next(self, count: int = 1) -> list[gateway_actions.Person]:
        request = gateway_actions.NextActionsRequest(
            queues=[self.queue], agent=self.name, person_count=count
        )
        return list(self.gateway.NextActions(request).people)

    def ids(self, count: int = 1) -> list[str]:
        return [person.canonical_id for person in self.next(count)]

    def lease(self, contact_id: str, reason: str = "") -> gateway_actions.Person:
        request = gateway_actions.LeaseActionsRequest(
            customer=ref(contact_id), agent=self.name, take_over_reason=reason
        )
        return self.gateway.LeaseActions(request).person

    def give_back(self, contact_id: str, reason: str = "") -> int:
        request = gateway_actions.ReleaseActionsRequest(
            customer=ref(contact_id), agent=self.name, skip_reason=reason
        )
        return self.gateway.ReleaseActions(request).released_count

    def count(self) -> int:
        request = gateway_actions.CountWaitingActionsRequest(queues=[self.queue])
        return self.gateway.CountWaitingActions(request).results[0].contact_count

    def reassign(self, action: actions.Action, queue: str):
        request = gateway_actions.ReassignActionsRequest(
            actions=[name_of(action)], queue=queue, agent=self.name
        )
        return self.gateway.ReassignActions(request)

    def complete(self, *done: actions.Action, **fields):
        request = gateway_actions.CompleteActionsRequest(
            actions=[name_of(each) for each in done], agent=self.name, **fields
        )
        return self.gateway.CompleteActions(request)


def name_of(action: actions.Action) -> actions.ActionName:
    return actions.ActionName(contact_id=action.contact_id, action_id=action.action_id)


@pytest.fixture
def dana(client, queue):
    return Agent(client, f"Dana of {queue}", queue)


@pytest.fixture
def eve(client, queue):
    return Agent(client, f"Eve of {queue}", queue)


class Customers:
    """Makes customers who are to be called back."""

    def __init__(self, client: Client, fresh, queue: str):
        self.client = client
        self.fresh = fresh
        self.queue = queue
        self.planned = 0

    def record(self, *values, **fields) -> str:
        request = touch(self.fresh("r"), *values, **fields)
        return self.client.gateway.RecordTouch(request).contact_id

    def make(self, **fields) -> str:
        """A customer with something to do, in the order in which they are made."""
        contact_id = self.record(mail(self.fresh("mail")))
        self.plan(contact_id, **fields)
        return contact_id

    def plan(self, contact_id: str, **fields) -> actions.Action:
        request = gateway_actions.CreateActionRequest(customer=ref(contact_id))
        request.action.kind = config_pb2.ACTION_KIND_FOLLOW_UP
        request.action.reason.text = "Wants a blue one"
        request.action.queue = self.queue
        # Out of hours, what is planned is all due at once.
        self.planned += 1
        due = datetime.now(timezone.utc) + timedelta(minutes=self.planned)
        request.action.due_time.FromDatetime(due)
        for name, value in fields.items():
            setattr(request.action, name, value)
        return self.client.gateway.CreateAction(request)

    def open(self, contact_id: str) -> list[actions.Action]:
        request = gateway_actions.ListActionsRequest(customer=ref(contact_id))
        return list(self.client.gateway.ListActions(request).actions)


@pytest.fixture
def customers(client, fresh, queue):
    return Customers(client, fresh, queue)


def test_an_agent_works_a_queue_off(client, customers, dana, fresh):
    first, second = customers.make(), customers.make()
    client.gateway.UpdateContact(update_of(first, {"display_name": "Ada"}))
    (person,) = dana.next()
    assert (person.canonical_id, person.display_name) == (first, "Ada")
    assert person.reason.text == "Wants a blue one"
    assert person.lease.agent == dana.name
    call = one.Interaction(kind=one.KIND_CALL, direction=one.DIRECTION_OUTBOUND)
    done = dana.complete(*person.actions, interaction=call, request_id=fresh("r"))
    assert done.interaction.contact_id == first
    assert [each.state for each in done.actions] == [actions.ACTION_STATE_DONE]
    assert not customers.open(first)
    (person,) = dana.next()
    assert person.canonical_id == second
    dana.complete(*person.actions)
    assert not dana.next()


def test_no_two_deal_with_one_person(customers, dana, eve):
    first, second = customers.make(), customers.make()
    assert dana.ids() == [first]
    assert eve.ids() == [second]
    assert not Agent(customers.client, f"Fay of {dana.queue}", dana.queue).ids()
    assert dana.ids() == [first]
    assert dana.give_back(first) == 1
    assert eve.ids(2) == [second, first]


def test_a_group_is_one_person(client, customers, dana, eve):
    first, second, third = (customers.make() for _ in range(3))
    client.gateway.MergeContacts(merge_of(first, second))
    (person,) = dana.next()
    assert set(person.contact_ids) == {first, second}
    assert len(person.actions) == 2
    # What is left of the group is Dana's as well.
    assert eve.ids(2) == [third]
    dana.complete(person.actions[0])
    assert set(eve.ids(2)) == {first, third}


def test_a_merge_while_two_deal_with_it_doubles_nobody(client, customers, dana, eve):
    first, second = customers.make(), customers.make()
    assert (dana.ids(), eve.ids()) == ([first], [second])
    client.gateway.MergeContacts(merge_of(first, second))
    # Who has the contact of the least id keeps the customer.
    keeper, other = (dana, eve) if first < second else (eve, dana)
    (person,) = keeper.next()
    assert set(person.contact_ids) == {first, second}
    assert not other.ids()
    (person,) = keeper.next()
    assert {each.lease.agent for each in person.actions} == {keeper.name}
    client.gateway.UnmergeContacts(unmerge_of(first, all_edges=True))
    assert set(keeper.ids(2)) == {first, second}


def test_one_is_taken_over_with_a_reason(customers, dana, eve):
    contact_id = customers.make()
    assert dana.ids() == [contact_id]
    with pytest.raises(grpc.RpcError) as error:
        eve.lease(contact_id)
    assert error.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert reason_of(error.value) == "LEASED_BY_OTHER"
    assert eve.lease(contact_id, "Dana is ill").lease.agent == eve.name
    assert not dana.ids()


def test_who_is_skipped_is_not_given_again(customers, dana, eve):
    contact_id = customers.make()
    assert dana.ids() == [contact_id]
    assert dana.give_back(contact_id, "speaks Finnish") == 1
    assert not dana.ids()
    assert eve.ids() == [contact_id]


def test_something_newer_is_told_before_it_is_answered(client, customers, dana, fresh):
    address = mail(fresh("mail"))
    asks = {
        "kind": one.KIND_EMAIL,
        "direction": one.DIRECTION_INBOUND,
        "purpose": one.PURPOSE_SERVICE,
    }
    contact_id = customers.record(address, **asks, subject="Where is it")
    (action,) = customers.open(contact_id)
    get = gateway_threads.GetThreadRequest(thread_id=action.thread_id)
    seen = client.gateway.GetThread(get).thread
    customers.record(address, **asks, subject="And the other one")
    answer = one.Interaction(
        kind=one.KIND_EMAIL,
        direction=one.DIRECTION_OUTBOUND,
        thread_id=action.thread_id,
    )
    moved = actions.ThreadStateChange(
        thread_id=action.thread_id, contact_id=contact_id, etag=seen.etag
    )
    request = {"interaction": answer, "threads": [moved], "request_id": fresh("r")}
    with pytest.raises(grpc.RpcError) as error:
        dana.complete(action, **request)
    assert error.value.code() == grpc.StatusCode.ABORTED
    told = info_of(error.value)
    assert told.reason == "SOMETHING_NEWER"
    newer = client.gateway.GetThread(get)
    assert newer.interactions[0].subject == "And the other one"
    assert told.metadata["thread_id"] == action.thread_id
    assert told.metadata["interaction_ids"] == newer.interactions[0].interaction_id
    moved.etag = newer.thread.etag
    request |= {"threads": [moved], "request_id": fresh("r")}
    done = dana.complete(action, **request)
    assert done.interaction.contact_id == contact_id
    assert done.threads[0].state == threads.THREAD_STATE_WAITING
    assert not customers.open(contact_id)


def test_a_mistyped_queue_is_told(customers, dana):
    contact_id = customers.make()
    (action,) = customers.open(contact_id)
    wrong = Agent(customers.client, dana.name, "servcie")
    for call, *given in (
        (wrong.ids,),
        (wrong.count,),
        (lambda: customers.plan(contact_id, queue="servcie"),),
        (dana.reassign, action, "servcie"),
    ):
        with pytest.raises(grpc.RpcError) as error:
            call(*given)
        assert error.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        assert "no such queue, want one of" in error.value.details()
        assert "review, sales, service" in error.value.details()
    assert dana.ids() == [contact_id]


def test_who_refuses_advertising_is_given_out_with_a_warning(customers, dana, fresh):
    contact_id = customers.record(
        phone(fresh("phone")),
        kind=one.KIND_CALL,
        direction=one.DIRECTION_OUTBOUND,
        outcome=one.OUTCOME_OPT_OUT_ASKED,
    )
    customers.plan(contact_id)
    (person,) = dana.next()
    assert person.canonical_id == contact_id
    refuses = gateway_actions.PERSON_WARNING_REFUSES_ADVERTISING
    assert list(person.warnings) == [refuses]
    causes = [action.review_cause for action in person.actions]
    assert actions.REVIEW_CAUSE_OPT_OUT_ASKED in causes


def test_the_view_has_what_is_to_be_done(client, customers):
    contact_id = customers.make()
    view = client.gateway.GetCustomerView(view_of(contact_id)).view
    assert [each.reason.text for each in view.actions] == ["Wants a blue one"]
    assert not next(part for part in view.parts if part.part == "actions").error.code


def test_a_snoozed_action_is_out_of_sight(client, customers, dana):
    contact_id = customers.make()
    (action,) = customers.open(contact_id)
    later = Timestamp()
    later.FromDatetime(datetime.now(timezone.utc) + timedelta(hours=1))
    request = gateway_actions.SnoozeActionsRequest(
        actions=[name_of(action)], until_time=later, agent=dana.name
    )
    client.gateway.SnoozeActions(request)
    assert not dana.ids()
    assert dana.count() == 0


def test_a_touch_on_a_deleted_customer_is_reviewed(client, customers, dana, fresh):
    contact_id = customers.record(mail(fresh("mail")))
    client.contacts.DeleteContact(
        contact_pb2.DeleteContactRequest(contact_id=contact_id)
    )
    for _ in range(2):
        answer = client.gateway.RecordTouch(touch_of(contact_id, fresh("r")))
        assert answer.contact_deleted
    (review,) = customers.open(contact_id)
    assert review.kind == config_pb2.ACTION_KIND_REVIEW
    assert review.review_cause == actions.REVIEW_CAUSE_CONTACT_DELETED
    undelete = gateway_contacts.UndeleteContactRequest(
        customer=ref(contact_id), agent=dana.name
    )
    assert not client.gateway.UndeleteContact(undelete).HasField("delete_time")
    assert not customers.open(contact_id)


def test_an_ambiguous_caller_is_reviewed(client, customers, dana, fresh):
    number, address = phone(fresh("phone")), mail(fresh("mail"))
    caller, other = customers.record(number), customers.record(address)
    assert caller != other
    for _ in range(2):
        assert customers.record(number, address) == caller
    (review,) = customers.open(caller)
    assert review.kind == config_pb2.ACTION_KIND_REVIEW
    assert address.value in review.reason.text
    assert review.review_cause == actions.REVIEW_CAUSE_AMBIGUOUS_CALLER
    assert review.other_contact_id == other
    planned = customers.plan(caller)
    (person,) = dana.next()
    assert gateway_actions.PERSON_WARNING_MAY_BE_ANOTHER in person.warnings
    dana.complete(planned)
    # Once they are merged there is nothing to look at.
    client.gateway.MergeContacts(merge_of(caller, other))
    dismiss = gateway_actions.DismissActionsRequest(
        actions=[name_of(review)], note="one", agent=dana.name
    )
    client.gateway.DismissActions(dismiss)
    customers.record(number, address)
    assert not customers.open(caller)


def test_another_tenant_is_given_nobody(customers, stranger, dana):
    contact_id = customers.make()
    (action,) = customers.open(contact_id)
    intruder = Agent(stranger, dana.name, dana.queue)
    assert not intruder.ids()
    assert code(intruder.lease, contact_id) == grpc.StatusCode.NOT_FOUND
    assert code(intruder.complete, action) == grpc.StatusCode.NOT_FOUND
    assert dana.ids() == [contact_id]
