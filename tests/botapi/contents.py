"""What people send besides text, as the Bot API describes it; the files themselves are not kept."""

from tests.botapi.methods import Json

_FILE: Json = {"file_id": "CAACAgIAAxkBAAE", "file_unique_id": "AgADBQAD", "file_size": 4096}

STICKER: Json = {
    "sticker": {
        **_FILE,
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
    }
}
PHOTO: Json = {"photo": [{**_FILE, "width": 90, "height": 60}, {**_FILE, "width": 1280, "height": 853}]}
VOICE: Json = {"voice": {**_FILE, "duration": 3, "mime_type": "audio/ogg"}}
LOCATION: Json = {"location": {"latitude": 34.7466, "longitude": 113.6254}}
CONTACT: Json = {"phone_number": "+8613800000000"}


def document(name: str) -> Json:
    return {"document": {**_FILE, "file_name": name, "mime_type": "application/pdf"}}
