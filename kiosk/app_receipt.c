#include "kiosk/app_receipt.h"

#include <stdio.h>

/* Concrete words of four to nine letters, each easy to spell from hearing it: no two that sound the
 * same, no months, no words of feeling. */
static const char *const words[] = {
    "Acorn",    "Amber",     "Anchor",   "Apple",    "Apricot",  "Arbour",    "Arch",
    "Arrow",    "Aspen",     "Aster",    "Atlas",    "Autumn",   "Avenue",    "Badge",
    "Badger",   "Bagel",     "Bakery",   "Balloon",  "Bamboo",   "Banana",    "Banjo",
    "Banner",   "Bark",      "Barley",   "Barn",     "Basil",    "Basket",    "Beacon",
    "Beaver",   "Beetle",    "Bench",    "Bicycle",  "Birch",    "Biscuit",   "Blanket",
    "Blossom",  "Bluebell",  "Boat",     "Bonfire",  "Bonnet",   "Book",      "Bottle",
    "Bowl",     "Bracken",   "Bramble",  "Branch",   "Brass",    "Breeze",    "Brick",
    "Bridge",   "Brook",     "Broom",    "Brush",    "Bubble",   "Bucket",    "Buckle",
    "Bugle",    "Bulb",      "Bumper",   "Bunting",  "Burrow",   "Butter",    "Button",
    "Cabbage",  "Cabin",     "Cactus",   "Cake",     "Camel",    "Camera",    "Camp",
    "Canal",    "Candle",    "Canoe",    "Canyon",   "Caravan",  "Carpet",    "Cart",
    "Castle",   "Cedar",     "Chalk",    "Chapel",   "Cheese",   "Cherry",    "Chess",
    "Chestnut", "Chimney",   "Cinnamon", "Circle",   "Citrus",   "Clarinet",  "Clay",
    "Cliff",    "Clock",     "Cloth",    "Cloud",    "Clover",   "Coal",      "Coast",
    "Coat",     "Cobble",    "Cobweb",   "Coconut",  "Coffee",   "Comet",     "Compass",
    "Copper",   "Coral",     "Cork",     "Corner",   "Cotton",   "Cove",      "Cowslip",
    "Crab",     "Cradle",    "Crane",    "Crayon",   "Cream",    "Cricket",   "Crown",
    "Crumpet",  "Crystal",   "Cube",     "Cuckoo",   "Curtain",  "Cushion",   "Daffodil",
    "Dairy",    "Daisy",     "Dale",     "Dance",    "Dawn",     "Desk",      "Dial",
    "Diamond",  "Dolphin",   "Donkey",   "Door",     "Dove",     "Dragon",    "Drum",
    "Duck",     "Dune",      "Eagle",    "Earth",    "Echo",     "Elbow",     "Elder",
    "Ember",    "Emerald",   "Engine",   "Falcon",   "Farm",     "Feather",   "Fence",
    "Fern",     "Ferry",     "Fiddle",   "Field",    "Finch",    "Fire",      "Fjord",
    "Flag",     "Flame",     "Flask",    "Flint",    "Flute",    "Foam",      "Forest",
    "Forge",    "Fossil",    "Fountain", "Frame",    "Frost",    "Fruit",     "Fudge",
    "Galaxy",   "Gallery",   "Gander",   "Garden",   "Garlic",   "Garnet",    "Gate",
    "Gazebo",   "Ginger",    "Glacier",  "Glade",    "Glass",    "Globe",     "Glove",
    "Goat",     "Gold",      "Goose",    "Grape",    "Grass",    "Gravel",    "Green",
    "Guitar",   "Gull",      "Hammer",   "Hammock",  "Hamper",   "Harbour",   "Harp",
    "Haven",    "Hawk",      "Hazel",    "Heather",  "Hedge",    "Helmet",    "Heron",
    "Hill",     "Hive",      "Honey",    "Hood",     "Hoop",     "Horizon",   "House",
    "Iceberg",  "Icicle",    "Indigo",   "Iris",     "Iron",     "Island",    "Ivory",
    "Jacket",   "Jasmine",   "Jelly",    "Jersey",   "Jewel",    "Jigsaw",    "Jungle",
    "Juniper",  "Kayak",     "Kennel",   "Kettle",   "Kite",     "Kitten",    "Koala",
    "Lace",     "Ladder",    "Lagoon",   "Lake",     "Lamb",     "Lamp",      "Lantern",
    "Larch",    "Lark",      "Laurel",   "Lavender", "Lawn",     "Leaf",      "Leather",
    "Lemon",    "Lentil",    "Letter",   "Library",  "Lilac",    "Lily",      "Lime",
    "Linen",    "Lion",      "Lizard",   "Lobster",  "Locket",   "Lodge",     "Lotus",
    "Lunch",    "Magnet",    "Magpie",   "Mango",    "Maple",    "Marble",    "Marigold",
    "Market",   "Marmot",    "Marsh",    "Meadow",   "Melody",   "Melon",     "Meteor",
    "Midday",   "Mill",      "Mint",     "Mirror",   "Mitten",   "Mole",      "Monkey",
    "Moon",     "Morning",   "Moss",     "Moth",     "Mountain", "Mouse",     "Muffin",
    "Mulberry", "Museum",    "Music",    "Napkin",   "Nest",     "Nettle",    "Nickel",
    "Noodle",   "Novel",     "Nugget",   "Nutmeg",   "Oasis",    "Ocean",     "Olive",
    "Onion",    "Opal",      "Orange",   "Orbit",    "Orchard",  "Orchid",    "Organ",
    "Osprey",   "Otter",     "Oval",     "Oven",     "Oyster",   "Paddle",    "Paint",
    "Palace",   "Palm",      "Papaya",   "Paper",    "Parcel",   "Park",      "Parrot",
    "Parsley",  "Path",      "Patio",    "Pavement", "Pebble",   "Pelican",   "Pencil",
    "Penguin",  "Pepper",    "Piano",    "Picnic",   "Pigeon",   "Pillow",    "Pilot",
    "Pine",     "Pirate",    "Planet",   "Plank",    "Platform", "Plum",      "Pocket",
    "Polish",   "Pollen",    "Pond",     "Pony",     "Poplar",   "Poppy",     "Porch",
    "Potato",   "Pottery",   "Powder",   "Prairie",  "Prism",    "Puddle",    "Puffin",
    "Pumpkin",  "Puppet",    "Puzzle",   "Pyramid",  "Quarry",   "Quartz",    "Quill",
    "Quilt",    "Rabbit",    "Radio",    "Radish",   "Raft",     "Rainbow",   "Raisin",
    "Raven",    "Ribbon",    "Ridge",    "Ripple",   "River",    "Robin",     "Rocket",
    "Roof",     "Rope",      "Rowan",    "Rubber",   "Ruby",     "Rudder",    "Saddle",
    "Saffron",  "Salad",     "Salmon",   "Sand",     "Sapphire", "Satin",     "Saucer",
    "Scarf",    "School",    "Seal",     "Seashell", "Seed",     "Shadow",    "Shark",
    "Shelf",    "Shell",     "Shelter",  "Ship",     "Shovel",   "Silk",      "Silver",
    "Skate",    "Sketch",    "Slate",    "Sleeve",   "Slipper",  "Snail",     "Snow",
    "Soap",     "Sofa",      "Song",     "Sparrow",  "Spinach",  "Spiral",    "Spoon",
    "Spring",   "Spruce",    "Squash",   "Squirrel", "Stable",   "Stamp",     "Starling",
    "Station",  "Statue",    "Steeple",  "Stone",    "Stool",    "Storm",     "Story",
    "Stove",    "Straw",     "Stream",   "Street",   "Summer",   "Summit",    "Sundial",
    "Sunrise",  "Sunset",    "Swan",     "Sweater",  "Swing",    "Table",     "Tangerine",
    "Tartan",   "Teapot",    "Temple",   "Tent",     "Thimble",  "Thistle",   "Thunder",
    "Ticket",   "Tiger",     "Timber",   "Toast",    "Toffee",   "Tomato",    "Topaz",
    "Torch",    "Tortoise",  "Toucan",   "Tower",    "Town",     "Tractor",   "Train",
    "Treacle",  "Trellis",   "Trout",    "Trumpet",  "Tulip",    "Tunnel",    "Turbine",
    "Turnip",   "Turquoise", "Turtle",   "Twig",     "Umbrella", "Valley",    "Vanilla",
    "Velvet",   "Vinegar",   "Violet",   "Violin",   "Volcano",  "Voyage",    "Waffle",
    "Wagon",    "Wallet",    "Walnut",   "Walrus",   "Water",    "Waterfall", "Wave",
    "Weasel",   "Wheel",     "Whisker",  "Whistle",  "Willow",   "Window",    "Winter",
    "Wizard",   "Wolf",      "Wool",     "Wren",     "Yacht",    "Yarn",      "Yellow",
    "Yogurt",   "Zebra",     "Zinc",
};
#define WORD_COUNT (sizeof(words) / sizeof(words[0]))

const char *const *tp_receipt_words(size_t *count)
{
    *count = WORD_COUNT;
    return words;
}

void tp_receipt_code(const struct tp_random *random, char code[TP_RECEIPT_CODE_MAX])
{
    uint32_t first = tp_random_below(random, WORD_COUNT);
    uint32_t second = tp_random_below(random, WORD_COUNT - 1);

    /* Never the same word twice: it would sound like a slip of the tongue. */
    if (second >= first)
        second++;
    /* From 10: a one-digit number is easily lost between two words. */
    (void)snprintf(code, TP_RECEIPT_CODE_MAX, "%s %u %s", words[first],
                   10u + tp_random_below(random, 90), words[second]);
}
