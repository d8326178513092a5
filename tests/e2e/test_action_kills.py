"""Processes die at random moments while agents work: nobody is left without an answer
or an action, and nothing is done twice."""

import random
import threading

import grpc
import pytest

from builders import mail, ref, touch, touch_of, until_it_works, wait_until
from kith.config.v1 import config_pb2
from kith.gateway.v1 import action_pb2 as gateway_actions
from kith.gateway.v1 import customer_view_pb2
from kith.gateway.v1 import thread_pb2 as gateway_threads
from kith.interactions.v1 import action_pb2 as actions
from kith.interactions.v1 import interaction_pb2 as one
from kith.interactions.v1 import thread_pb2 as threads
from kithdev.processes import INTERACTIONS

QUEUES = ["service", "sales", "review"]
OF_THREADS = (config_pb2.ACTION_KIND_REPLY, config_pb2.ACTION_KIND_SOLVE)
CUSTOMERS, WRITERS, AGENTS, KILLS = 12, 3, 6, 4


class Worker(threading.Thread):
    """Does something again and again until it is told to stop."""

    def __init__(self, client, name: str, seed: int):
        super().__init__()
        self.gateway = client.gateway
        self.prefix = name
        self.draw = random.Random(seed)
        self.stopping = threading.Event()
        self.count = 0
        self.fault = None

    def run(self):
        try:
            while not self.stopping.is_set():
                self.count += 1
                self.work(f"{self.prefix}.{self.count}")
        except grpc.RpcError as error:
            self.fault = error

    def work(self, request_id: str) -> None:
        raise NotImplementedError


class Writer(Worker):
    """Customers who write and call."""

    def __init__(self, client, name: str, seed: int, customers: dict[str, str]):
        super().__init__(client, name, seed)
        self.customers = list(customers.items())

    def work(self, request_id: str) -> None:
        contact_id, box = self.draw.choice(self.customers)
        if self.draw.random() < 0.7:
            request = touch(
                request_id,
                mail(box),
                kind=one.KIND_EMAIL,
                direction=one.DIRECTION_INBOUND,
                purpose=one.PURPOSE_SERVICE,
            )
        else:
            request = touch_of(
                contact_id,
                request_id,
                kind=one.KIND_CALL,
                direction=one.DIRECTION_INBOUND,
                outcome=one.OUTCOME_MISSED,
            )
        until_it_works(self.gateway.RecordTouch, request, 60)


class Agent(Worker):
    """Answers whom it is given, gives some back, and plans to ask others again."""

    def __init__(self, client, name: str, seed: int):
        super().__init__(client, name, seed)
        self.answered = []

    def work(self, request_id: str) -> None:
        request = gateway_actions.NextActionsRequest(queues=QUEUES, agent=self.prefix)
        people = until_it_works(self.gateway.NextActions, request, 60).people
        for number, person in enumerate(people):
            if self.draw.random() < 0.2:
                release = gateway_actions.ReleaseActionsRequest(
                    customer=ref(person.canonical_id), agent=self.prefix
                )
                until_it_works(self.gateway.ReleaseActions, release, 60)
            else:
                self.complete(person.actions[0], f"{request_id}.{number}")

    def complete(self, action: actions.Action, request_id: str) -> None:
        request = gateway_actions.CompleteActionsRequest(
            agent=self.prefix, request_id=request_id
        )
        request.actions.add(contact_id=action.contact_id, action_id=action.action_id)
        if action.kind in OF_THREADS:
            request.interaction.kind = one.KIND_EMAIL
            request.interaction.thread_id = action.thread_id
            request.interaction.purpose = one.PURPOSE_SERVICE
        else:
            request.interaction.kind = one.KIND_CALL
            request.interaction.outcome = one.OUTCOME_ANSWERED
        request.interaction.direction = one.DIRECTION_OUTBOUND
        if self.draw.random() < 0.2:
            follow_up = request.next.add(contact_id=action.contact_id)
            follow_up.kind = config_pb2.ACTION_KIND_FOLLOW_UP
            follow_up.reason.text = "Ask whether it arrived"
        try:
            done = until_it_works(self.gateway.CompleteActions, request, 60)
        except grpc.RpcError as error:
            # The customer has written since.
            if error.code() != grpc.StatusCode.FAILED_PRECONDITION:
                raise
        else:
            self.answered.append(done.interaction)


@pytest.fixture(name="customers")
def make_customers(client, fresh) -> dict[str, str]:
    """The address of each."""
    made = {}
    for _ in range(CUSTOMERS):
        box = fresh("mail")
        request = touch(fresh("r"), mail(box))
        answer = until_it_works(client.gateway.RecordTouch, request)
        made[answer.contact_id] = box
    return made


def all_of(call, request, name: str) -> list:
    """What a list has, page by page."""
    listed = []
    while True:
        page = until_it_works(call, request)
        listed += getattr(page, name)
        request.page_token = page.next_page_token
        if not page.next_page_token:
            return listed


def check_threads(client, contact_id: str) -> None:
    """Each thread whose last word is the customer's has one REPLY or SOLVE; no other
    has any."""
    customer = ref(contact_id)
    request = gateway_threads.ListThreadsRequest(customer=customer, page_size=500)
    states = {
        thread.thread_id: thread.state
        for thread in all_of(client.gateway.ListThreads, request, "threads")
    }
    waiting = set()
    for thread_id, state in states.items():
        get = gateway_threads.GetThreadRequest(thread_id=thread_id)
        last = until_it_works(client.gateway.GetThread, get).interactions[0]
        if last.direction == one.DIRECTION_INBOUND:
            waiting.add(thread_id)
        is_open = state == threads.THREAD_STATE_OPEN
        assert is_open == (thread_id in waiting), (thread_id, state)
    request = gateway_actions.ListActionsRequest(customer=customer, page_size=500)
    opened = all_of(client.gateway.ListActions, request, "actions")
    replied = [each.thread_id for each in opened if each.kind in OF_THREADS]
    assert sorted(replied) == sorted(waiting)
    calls = [each for each in opened if each.kind == config_pb2.ACTION_KIND_CALL_BACK]
    assert len(calls) <= 1


def outbound(client, contact_id: str) -> list[str]:
    request = customer_view_pb2.ListInteractionsRequest(
        customer=ref(contact_id), page_size=500
    )
    listed = all_of(client.gateway.ListInteractions, request, "interactions")
    return [
        each.interaction_id
        for each in listed
        if each.direction == one.DIRECTION_OUTBOUND
    ]


@pytest.mark.parametrize("victim", ["interactions-svc", "gateway", "mariadbd"])
def test_kill_9_while_agents_work_leaves_nobody_unanswered(
    suite, client, fresh, customers, victim
):
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    draw = random.Random(seed)
    agents = [Agent(client, fresh("a"), draw.randrange(1000)) for _ in range(AGENTS)]
    workers = agents + [
        Writer(client, fresh("w"), draw.randrange(1000), customers)
        for _ in range(WRITERS)
    ]
    for worker in workers:
        worker.start()
    try:
        for _ in range(KILLS):
            reached = sum(worker.count for worker in workers) + draw.randint(50, 300)
            wait_until(lambda: sum(each.count for each in workers) > reached, 120)
            if victim == "mariadbd":
                suite.database.kill()
                suite.database.restart()
            else:
                suite.kill(victim)
                suite.restart(victim)
    finally:
        for worker in workers:
            worker.stopping.set()
        for worker in workers:
            worker.join()
    assert [worker.fault for worker in workers if worker.fault] == []
    # Some may be left over from the victim before.
    answered = [
        each.interaction_id
        for agent in agents
        for each in agent.answered
        if each.contact_id in customers
    ]
    assert answered
    stored = [each for contact_id in customers for each in outbound(client, contact_id)]
    assert sorted(stored) == sorted(answered)
    for contact_id in customers:
        check_threads(client, contact_id)
    looked = suite.lookups(INTERACTIONS, "check", capture_output=True, text=True)
    assert looked.returncode == 0, looked.stdout
