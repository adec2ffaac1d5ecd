INSERT INTO article (id, section, title, text)
SELECT * FROM (VALUES
(1, 'Harbour', 'The ferry that would not leave',
'For eleven minutes on Monday the seven-forty to Skarholm stood at its pier with the engine running and the gate closed, and nobody aboard could say why.

The answer came along the quay on four legs. Captain Aase Lind had counted one dog going out on Friday and none coming back. “You do not leave crew behind,” she said, and waved the spaniel up the ramp.

The company has since written to every passenger to apologise. Thirty-one have written back to ask for the dog’s name. It is Bosun.'),
(2, 'City', 'A bridge asks for a second opinion',
'The engineers gave Saint Olave’s Bridge another forty years. The bridge, it seems, was not consulted.

On Thursday a sensor under the third arch reported a movement of two millimetres, which is the width of a coin and four times what the drawings allow. Lorries go round by the mill until a diver has had a look.

“It has been standing there since 1887, and it has never complained before,” said Ruth Adeyemi of the works department. “When somebody that patient says something, you listen.”'),
(3, 'Markets', 'The quiet week in onions',
'There are weeks when the wholesale market shouts, and there are weeks when it murmurs. This was a week of murmuring.

Onions opened at eighteen a sack, closed at eighteen a sack, and in between did nothing that anybody would call a movement. Traders played cards. A forklift was washed.

The one event of note was a crate of early asparagus on Wednesday. It was sold before it touched the ground.'),
(4, 'Culture', 'Night shift at the museum of clocks',
'Twice a year, while the town sleeps, four people walk through the museum of clocks and move time by hand.

There are six hundred and twelve of them to set, and the rule is that no two may strike at once until the last is done. It takes until dawn. They bring soup.

“People think it is about being exact,” said the keeper, winding a ship’s chronometer with two fingers. “It is about taking turns.”'),
(5, 'Weather', 'Fog, and how to walk in it',
'The fog that came in on Sunday has decided to stay. The harbour office expects it to lift on Wednesday, and said the same about Tuesday.

Those who have lived here long know what to do. Walk slowly. Keep a hand on the rail. Say good morning to shapes: most of them will answer.'),
(6, 'Sport', 'Nil all, and glad of it',
'Neither side scored, neither side came close, and when the whistle went both sets of supporters sang as though they had won.

It was the first match on the new grass, after two winters on a car park. The keeper of the home side had so little to do that he waved to his mother, who waved back, and that was the best save of the afternoon.')
) AS news (id, section, title, text)
WHERE NOT EXISTS (SELECT 1 FROM article);
