"""How the tests of a run ended, from JUnit's XML reports or the lines of JUnit4Suite.

results.py DIRECTORY         a line for each test: its name and how it ended
results.py DIRECTORY FILE    for the tests named in the file, how they ended and why
"""
import glob
import os
import sys
import xml.etree.ElementTree as tree


def cases(directory):
    lines = os.path.join(directory, 'results.tsv')
    if os.path.exists(lines):
        for line in open(lines, encoding='utf-8', errors='replace'):
            yield line.rstrip('\n').split('\t', 2)
    for file in glob.glob(os.path.join(directory, 'reports', 'TEST-*.xml')):
        for case in tree.parse(file).getroot().iter('testcase'):
            ended = [child for child in case if child.tag in ('failure', 'error', 'skipped')]
            why = ' '.join((ended[0].get('message') or ended[0].text or '').split()) if ended else ''
            yield case.get('classname') + '#' + case.get('name'), ended[0].tag if ended else 'passed', why


if len(sys.argv) == 2:
    print('\n'.join(sorted({name + ' ' + ended for name, ended, _ in cases(sys.argv[1])})))
else:
    wanted = {line.strip() for line in open(sys.argv[2])}
    for name, ended, why in cases(sys.argv[1]):
        if name in wanted:
            print('    %s: %s %s' % (name, ended, why[:300]))
