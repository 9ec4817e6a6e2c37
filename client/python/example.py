"""Submits two copies of an article and prints what wonbon decided about each."""

import os

from wonbon import Client, Relation

body = (
    "전주시가 다음 달부터 시립도서관 열람실을 밤 10시까지 연다. 시는 평일 저녁 이용자가 한 해 사이 "
    "38% 늘었다며 도서관 12곳의 문 닫는 시각을 두 시간 늦추고 사서 24명을 더 뽑는다고 밝혔다."
)
with Client(os.environ.get("WONBON_ENDPOINT", "127.0.0.1:7443")) as client:
    for publisher in ("가람통신", "누리신문"):
        article = {"title": "전주 도서관, 밤 10시까지 연다", "body": body, "publisher": publisher}
        decision = client.submit({"id": f"python-{publisher}"} | article)
        print(f"{publisher}: {Relation.Name(decision.relation)} in {decision.cluster_id}")
