import {
  Anchor,
  Badge,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Modal,
  NavLink,
  Notification,
  PasswordInput,
  Table,
  Tooltip,
} from '@mantine/core';

const teal: MantineColorsTuple = [
  '#e9f6f5',
  '#cfe9e7',
  '#a5d8d4',
  '#7cc8c4',
  '#5cc4c0',
  '#329c97',
  '#117a77',
  '#0b6e6e',
  '#095b5b',
  '#064646',
];

const ink: MantineColorsTuple = [
  '#e8eaee',
  '#c5cad4',
  '#a3acba',
  '#6b7484',
  '#363d4a',
  '#2b303a',
  '#1b1f27',
  '#14171d',
  '#101217',
  '#0b0d11',
];

const stone: MantineColorsTuple = [
  '#f7f6f3',
  '#f1efea',
  '#e8e5df',
  '#dcd8d0',
  '#c9c5bc',
  '#a29f97',
  '#767a84',
  '#5b6475',
  '#363d4a',
  '#1d2330',
];

export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 7, dark: 6 },
  colors: { teal, dark: ink, gray: stone },
  black: '#1d2330',
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.6rem' }, h2: { fontSize: '1.15rem' } } },
  components: {
    Anchor: Anchor.extend({ defaultProps: { underline: 'always' } }),
    Badge: Badge.extend({ defaultProps: { tt: 'none' } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' }, overlayProps: { opacity: 0.5 } },
    }),
    NavLink: NavLink.extend({ defaultProps: { variant: 'light' } }),
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } }),
    PasswordInput: PasswordInput.extend({
      defaultProps: { visibilityToggleButtonProps: { 'aria-label': 'Show or hide what is typed', tabIndex: 0 } },
    }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'sm' } }),
    Tooltip: Tooltip.extend({
      defaultProps: { multiline: true, maw: 320, events: { hover: true, focus: true, touch: true } },
    }),
  },
});

/** Where Mantine's own greys and reds are too faint to read. */
export const resolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#fbfaf8',
    '--mantine-color-dimmed': '#565f70',
    '--mantine-color-placeholder': '#6a7180',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-anchor': '#0b6e6e',
    '--mantine-color-red-outline': '#b3261e',
  },
  dark: {
    '--mantine-color-dimmed': '#a3acba',
    '--mantine-color-placeholder': '#8d96a5',
    '--mantine-color-error': '#ff8f86',
    '--mantine-color-anchor': '#6fd0cb',
    '--mantine-color-red-outline': '#ff8f86',
    '--mantine-color-teal-light': '#12393a',
    '--mantine-color-teal-light-hover': '#164646',
    '--mantine-color-teal-light-color': '#9be2dd',
    '--mantine-primary-color-light': '#12393a',
    '--mantine-primary-color-light-color': '#9be2dd',
  },
});
