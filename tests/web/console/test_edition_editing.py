"""Bringing an edition in, and writing in it: every mistake at its place, nothing half-stored, no text lost, nobody overwritten."""

import html

import pytest

from models.draft import events_of
from models.edition import by_id
from models.edition_list import editions_listed
from policy.archives import MOST_FILES
from tests.web.console.drafting import SCHEME, bring_in, lowered, lowered_text, review, save, zipped
from tests.web.console.world import World

EDITIONS = "/console/editions"


@pytest.fixture
def world(sqlite_world: World) -> World:
    sqlite_world.let_in("administrator")
    return sqlite_world


def _draft(world: World) -> str:
    """A draft begun from what is in force."""
    begun = world.client.post(f"{EDITIONS}/1/again")
    assert begun.status_code == 303
    return str(begun.headers["location"])


def _text(world: World, page: str, file: str = SCHEME) -> str:
    return world.database.read(lambda c: by_id(c, int(page.rpartition("/")[2]))).content[file]


def _count(world: World) -> int:
    return len(world.database.read(editions_listed))


def test_a_broken_zip_is_told_line_by_line_and_stores_nothing(world: World) -> None:
    files = lowered()
    files[SCHEME] = files[SCHEME].replace("upgrade_total_investment", "upgrade_totl_investment")
    files["schemes/national-platform-award.yaml"] = "id: [\n"
    sent = world.client.post(f"{EDITIONS}/bring-in", files={"zip": ("henan.zip", zipped(files))})
    assert sent.status_code == 422
    told = html.unescape(sent.text)
    assert f"{SCHEME}:9</span> 没有“upgrade_totl_investment”这个事实项；是不是想写“upgrade_total_in" in told
    assert "schemes/national-platform-award.yaml:2</span> 读不通" in told
    assert _count(world) == 1


NO_EDITION: list[tuple[list[tuple[str, tuple[str, bytes]]], str]] = [
    ([("zip", ("henan.zip", b"no zip"))], "不是能打开的 zip 文件"),
    ([("zip", ("henan.zip", zipped({"plan.yaml": "a: b", "../evil.yaml": "x"})))], "会写到压缩包外面"),
    ([("zip", ("henan.zip", b"x" * (4 << 20) + b"x"))], "远没有这么大"),
    ([("folder", ("2025/run.sh", b"x")), ("folder", ("2025/plan.yaml", b"a: b"))], "不是 .yaml 文件"),
    ([("folder", ("2025/plan.yaml", b"\xff\xfe"))], "不是 UTF-8 文本"),
    ([("folder", (f"{n}.yaml", b"a")) for n in range(MOST_FILES + 2)], "文件太多了"),
    ([("folder", ("plan.yaml", b"a")), ("zip", ("a.zip", b"a"))], "请只选一样"),
    ([("zip", ("", b""))], "请选一个 zip 文件"),
]


def test_what_is_no_edition_is_refused_in_one_line(world: World) -> None:
    for sent, said in NO_EDITION:
        answer = world.client.post(f"{EDITIONS}/bring-in", files=sent)
        assert (answer.status_code, said in html.unescape(answer.text)) == (422, True), answer.text
    assert _count(world) == 1
    huge = world.client.post(f"{EDITIONS}/bring-in", files=[("zip", ("a.zip", b"x" * (6 << 20)))])
    assert huge.status_code == 413


def test_an_edition_by_another_name_is_refused_because_nobody_is_judged_by_it(world: World) -> None:
    files = lowered()
    files["plan.yaml"] = files["plan.yaml"].replace("name: henan-2025", "name: hubei-2025", 1)
    sent = world.client.post(f"{EDITIONS}/bring-in", files={"zip": ("a.zip", zipped(files))})
    assert sent.status_code == 422
    assert "这个版本叫 hubei-2025。本服务按 henan-2025 判定" in sent.text
    assert _count(world) == 1


def test_files_are_taken_for_editions_only(world: World) -> None:
    for path in ("/console/staff/invite", "/chat"):
        assert world.client.post(path, files={"zip": ("a.zip", b"x")}).status_code == 415
    long = {"file": SCHEME, "version": "0", "text": "# 长\n" * 9000}
    assert world.client.post(f"{EDITIONS}/1/file/check", data=long).status_code == 200
    assert world.client.post("/console/staff/invite", data=long).status_code == 413


def test_a_folder_comes_in_as_its_files(world: World) -> None:
    files = {name: text for name, text in lowered().items() if not name.startswith("with/")}
    sent = [("folder", (f"2025/{name}", text.encode())) for name, text in files.items()]
    answer = world.client.post(f"{EDITIONS}/bring-in", files=[*sent, ("folder", ("2025/.DS_Store", b"\0"))])
    assert answer.status_code == 303, answer.text
    assert _text(world, answer.headers["location"]) == files[SCHEME]


def test_what_is_typed_is_checked_line_by_line_and_a_broken_text_is_kept_and_not_stored(world: World) -> None:
    page = _draft(world)
    text = _text(world, page).replace("upgrade_total_investment", "upgrade_totl_investment", 1)
    form = {"file": SCHEME, "version": "0", "text": text.replace("\n", "\r\n")}
    piece = world.client.post(f"{page}/file/check", data=form, headers={"HX-Request": "true"}).text
    assert '<a href="#L9" data-line="9">第 9 行</a>' in piece
    assert "是不是想写“upgrade_total_investment”？" in piece
    assert "<html" not in piece
    whole = world.client.post(f"{page}/file/check", data=form).text
    assert 'href="#L9"' in whole
    assert html.escape(text, quote=False) in html.unescape(whole).replace("&#39;", "'")
    refused = save(world, page, text)
    assert refused.status_code == 422
    assert "有错，没有存" in refused.text
    assert "upgrade_totl_investment, at_least" in refused.text
    assert "upgrade_totl_investment" not in _text(world, page)


def test_saving_runs_the_examples_and_shows_what_was_wanted_and_what_came(world: World) -> None:
    page = _draft(world)
    text = _text(world, page)
    refused = save(world, page, text.replace("at_least: 5000万}", "at_least: 3000万}"))
    assert refused.status_code == 422
    told = html.unescape(refused.text)
    assert "例子对不上：verdict 应当是 ineligible，按规则得出的是" in told
    assert 'data-line="' in told
    assert _text(world, page) == text
    saved = save(world, page, lowered_text(text))
    assert saved.status_code == 303
    assert f"{SCHEME} 存好了" in world.client.get(saved.headers["location"]).text
    assert _text(world, page) == lowered_text(text)
    number = int(page.rpartition("/")[2])
    happened = world.database.read(lambda c: events_of(c, number))
    me = world.people["administrator"].staff.public_id
    assert [(each.what, each.by, each.detail) for each in happened] == [
        ("imported", me, "henan-2025@1"),
        ("edited", me, SCHEME),
    ]
    assert ">修改政策版本</td>" in world.client.get(page).text


def test_of_two_who_edit_at_once_the_later_is_refused_and_shown_both(world: World) -> None:
    page = _draft(world)
    text = _text(world, page)
    mine, theirs = text.replace("怎样认定为", "如何认定为"), text + "# 他的一句\n"
    world.let_in("second")
    assert save(world, page, theirs).status_code == 303
    world.let_in("administrator")
    refused = save(world, page, mine)
    assert refused.status_code == 409
    told = html.unescape(refused.text)
    assert "在您打开以后由 second 改过" in told
    assert "− # 他的一句" in told
    assert "+   - 如何认定为" in told
    assert mine in told
    assert _text(world, page) == theirs
    assert save(world, page, mine, seen="1").status_code == 303
    assert _text(world, page) == mine


def test_a_new_file_is_written_by_its_name_and_no_name_leads_out(world: World) -> None:
    page = _draft(world)
    fresh = "schemes/another-award.yaml"
    assert fresh in world.client.get(f"{page}/file?file={fresh}").text
    for bad in ("../evil.yaml", "schemes/run.sh", "/etc/x.yaml"):
        assert world.client.get(f"{page}/file?file={bad}").status_code == 422
        assert save(world, page, "a: b\n", file=bad).status_code == 422
    stray = save(world, page, "id: x\n", file="elsewhere/x.yaml")
    assert (stray.status_code, "版本里没有这种文件" in stray.text) == (422, True)


def test_nothing_that_is_out_is_changed_and_an_edit_voids_a_review(world: World) -> None:
    read_only = world.client.get(f"{EDITIONS}/1/file?file={SCHEME}").text
    assert "<textarea" not in read_only
    assert "at_least: 5000万" in read_only
    refused = save(world, f"{EDITIONS}/1", lowered_text(_text(world, f"{EDITIONS}/1")))
    assert (refused.status_code, "发布以后的版本不再改动" in refused.text) == (409, True)
    page = bring_in(world, lowered())
    world.let_in("second")
    assert review(world, page).status_code == 303
    world.let_in("administrator")
    same = save(world, page, _text(world, page))
    assert (same.status_code, "已复核" in world.client.get(page).text) == (303, True)
    assert save(world, page, _text(world, page) + "\n").status_code == 303
    assert "草稿</span>" in world.client.get(page).text


def test_the_zip_of_an_edition_comes_back_as_it_was(world: World) -> None:
    page = bring_in(world, lowered())
    packed = world.client.get(f"{page}/zip")
    assert packed.headers["content-disposition"] == 'attachment; filename="henan-2025-2.zip"'
    again = world.client.post(f"{EDITIONS}/bring-in", files={"zip": ("x.zip", packed.content)})
    assert _text(world, again.headers["location"]) == lowered()[SCHEME]
