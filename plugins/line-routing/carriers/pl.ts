import type { CarrierTable } from './carrier-table.ts'

/**
 * Which network of Poland a mobile number was given to. Numbers are portable since 2006, so this is where a number
 * began, not where it is.
 */
export const poland: CarrierTable = {
  country: '48',
  source:
    'Numbering plan of the Polish regulator (UKE), as gathered in the carrier metadata of libphonenumber, resources/carrier/en/48.txt',
  readOn: '2026-11-22',
  notVerified:
    'Not compared with the register of UKE itself. Ranges of fewer than 100,000 numbers and those of small operators are left out: a number of theirs counts as of the network around it.',
  prefixes: {
    orange: '454 50 51 571 572 5730 5731 5732 5733 5734 5739 690 797 798 7990 7996',
    play: '450 4590 4593 53 570 574 575 576 577 578 5790 5795 5796 5798 5799 6666 6900 6907 6908 6909 7208 730 731 732 733 7360 7367 7368 7369 737 79 881 883 8840 8843 8846 8847 8848 8849',
    plus: '4595 4598 5366 5791 5792 5793 601 603 605 607 609 661 663 665 667 669 691 693 695 697 720 721 722 723 724 725 726 727 7280 7370 7371 7372 781 782 783 785 8811 885 887',
    't-mobile':
      '532 538 539 600 602 604 606 608 660 662 664 666 668 692 694 696 698 7272 7273 728 734 735 736 784 787 788 7951 7952 7953 7954 7955 880 8810 8818 8819 882 8833 8838 8841 8842 886 888 889',
  },
}
