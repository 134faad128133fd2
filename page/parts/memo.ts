// A component that is drawn again only where its properties are other ones.
import { Component, type ComponentType, h } from 'preact';

/** @param isSame true where nothing that is seen has changed */
export function memo<Props extends object>(
  Shown: ComponentType<Props>,
  isSame: (before: Props, after: Props) => boolean,
): ComponentType<Props> {
  return class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      return !isSame(this.props as Props, next);
    }
    override render() {
      return h(Shown, this.props as Props);
    }
  };
}
